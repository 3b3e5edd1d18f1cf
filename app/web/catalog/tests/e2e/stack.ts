/** The whole application on free loopback ports: PostgreSQL, the API and the server of the built front end. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { end, freePort, startPostgres } from "./postgres";

const web = resolve(import.meta.dirname, "../..");
const repository = resolve(web, "../../..");

/** The API's program: named in CATALOG_BIN, or built by cargo. */
export function catalog(): string {
  if (process.env.CATALOG_BIN) return process.env.CATALOG_BIN;
  const built = spawnSync("cargo", ["build", "--quiet", "-p", "catalog"], { cwd: repository, stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) throw new Error("the API could not be built: install Rust (rustup) so that `cargo build -p catalog` runs, or name the built program in CATALOG_BIN");
  const metadata = spawnSync("cargo", ["metadata", "--no-deps", "--offline", "--format-version", "1"], { cwd: repository, encoding: "utf8", maxBuffer: 64 << 20 });
  const { target_directory: target } = JSON.parse(metadata.stdout) as { target_directory: string };
  return join(target, "debug/catalog");
}

/** Answers at this address, or throws with what the process last said. */
async function listening(child: ChildProcess, url: string): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => (said = (said + String(chunk)).slice(-2_000)));
  child.stdout?.on("data", (chunk) => (said = (said + String(chunk)).slice(-2_000)));
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${url} never answered; the process ended with ${child.exitCode}: ${said}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} did not answer within 30 s: ${said}`);
}

/** A server of the program on this port, as soon as it answers. */
export async function serve(program: string, command: "api" | "web", port: number, settings: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(program, [command], { env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(port), ...settings }, stdio: ["ignore", "pipe", "pipe"] });
  const url = `http://127.0.0.1:${port}`;
  await listening(child, `${url}/health`);
  return { child, url };
}

export type Stack = { open: string; guarded: string; /** The API behind `open`. */ api: string; /** The program that serves a front end. */ program: string; stop: () => Promise<void> };

/** The tokens of the guarded front end. */
export const TOKENS = { viewer: "viewer-token-0123456789", editor: "editor-token-0123456789", admin: "admin-token-01234567890" };

/** Two front ends over one database: `open` needs no token, `guarded` does. */
export async function startStack(): Promise<Stack> {
  if (!existsSync(join(web, "dist/index.html"))) throw new Error("the front end is not built: run `npm run build` in app/web/catalog");
  const program = catalog();
  const running: ChildProcess[] = [];
  const postgres = await startPostgres();
  // An interrupted run tears nothing down: vitest exits at once, and what it started would live on.
  process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));
  const stop = async () => {
    for (const child of running.toReversed()) await end(child);
    await postgres.stop();
  };
  try {
    const database = { DB_HOST: "127.0.0.1", DB_PORT: String(postgres.port), DB_NAME: "postgres", DB_USER: "postgres", DB_PASSWORD: "unused", DB_CONNECT_SECONDS: "20" };
    const seeded = spawnSync(program, ["seed"], { env: { PATH: process.env.PATH, ...database }, encoding: "utf8" });
    if (seeded.status !== 0) throw new Error(`catalog seed failed: ${seeded.stderr}${seeded.stdout}`);

    const start = async (command: "api" | "web", settings: Record<string, string>) => {
      const server = await serve(program, command, await freePort(), settings);
      running.push(server.child);
      return server.url;
    };
    const startApi = (settings: Record<string, string>) => start("api", { ...database, DRAIN_SECONDS: "0", SHUTDOWN_SECONDS: "2", RATE_LIMIT: "0", ...settings });
    const site = (api: string) => start("web", { API_URL: api, WEB_ROOT: join(web, "dist") });
    const api = await startApi({});
    const open = await site(api);
    const guardedApi = await startApi({ API_TOKENS: Object.entries(TOKENS).map(([role, token]) => `${role}-name:${role}:${token}`).join(",") });
    const guarded = await site(guardedApi);
    return { open, guarded, api, program, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
