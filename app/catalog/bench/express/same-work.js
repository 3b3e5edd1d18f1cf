// The two reads that are measured, on Express and pg, with the work that the catalogue does for them: all columns of its
// own table, and the total of a list, from one statement. With KEEP=1 it also has the catalogue's idea of a cache: a body
// is sent again when PostgreSQL says, for that very request, that nothing was committed since it was read, and requests
// that wait share one question.
const express = require('express');
const { Pool } = require('pg');
const { createHash } = require('crypto');

const pool = new Pool({
  host: process.env.DB_HOST,
  port: process.env.DB_PORT,
  database: process.env.DB_NAME,
  user: process.env.DB_USER,
  password: process.env.DB_PASSWORD,
});
const app = express();
const KEEP = process.env.KEEP === '1';
const COLUMNS = 'id, sku, name, description, price, stock, category, status, version, created_at, updated_at';

async function list() {
  const { rows } = await pool.query(
    `SELECT s.snapshot, s.total, p.* FROM (
       SELECT pg_current_snapshot()::text AS snapshot, (SELECT count(*) FROM products) AS total
     ) s LEFT JOIN LATERAL (SELECT ${COLUMNS} FROM products ORDER BY id LIMIT 100) p ON true ORDER BY id`,
  );
  const data = rows.filter((row) => row.id !== null).map(({ snapshot, total, ...product }) => product);
  const { snapshot, total } = rows[0];
  return { snapshot, body: { success: true, data, page: { limit: 100, total: Number(total), next: null } } };
}

async function single(id) {
  const { rows } = await pool.query(
    `SELECT pg_current_snapshot()::text AS snapshot, ${COLUMNS} FROM products WHERE id = $1`,
    [id],
  );
  if (rows.length === 0) return null;
  const { snapshot, ...data } = rows[0];
  return { snapshot, body: { success: true, data } };
}

const ask = async () => (await pool.query('SELECT pg_current_snapshot()::text AS snapshot')).rows[0].snapshot;
let asked = null;
let next = null;

// The answer to a question that is asked after this call: one that is under way is not joined, the one after it is.
function snapshot() {
  if (asked === null) {
    asked = ask().finally(() => {
      asked = null;
    });
    return asked;
  }
  next ??= asked
    .catch(() => {})
    .then(() => {
      next = null;
      return snapshot();
    });
  return next;
}

const kept = new Map();

async function keptOrRead(url, read) {
  const present = await snapshot();
  const old = kept.get(url);
  if (old !== undefined && old.snapshot === present) return old;
  const found = await read();
  if (found === null) return null;
  const text = Buffer.from(JSON.stringify(found.body));
  const tag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  const answer = { snapshot: found.snapshot, text, tag };
  kept.set(url, answer);
  return answer;
}

function reads(of) {
  return async (req, res) => {
    try {
      const read = () => of(req);
      const found = KEEP ? await keptOrRead(req.originalUrl, read) : await read();
      if (found === null) return res.status(404).json({ success: false, error: 'Product not found' });
      if (!KEEP) return res.json(found.body);
      res.set('ETag', found.tag).type('json').send(found.text);
    } catch (error) {
      res.status(500).json({ success: false, error: error.message });
    }
  };
}

app.get('/health', (req, res) => res.json({ status: 'healthy', service: 'products-api' }));
app.get('/api/products', reads(() => list()));
app.get('/api/products/:id', reads((req) => single(req.params.id)));

const server = app.listen(process.env.PORT, '127.0.0.1');
process.on('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
});
