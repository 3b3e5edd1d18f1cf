/** The shop on free loopback ports: PostgreSQL, the API, the built storefront, and the analytics platform that hears of it. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { end, freePort, startPostgres } from "../../../catalog/tests/e2e/postgres";
import { catalog, serve } from "../../../catalog/tests/e2e/stack";

const web = resolve(import.meta.dirname, "../..");
const TOKEN = "the-shops-own-token-0123";

export type Stack = { shop: string; api: string; dashboard: string; stop: () => Promise<void> };

/** The platform's program, which lies beside the catalogue's, or is named in ANALYTICS_BIN. */
function analytics(beside: string): string {
  const program = process.env.ANALYTICS_BIN ?? join(beside, "../analytics");
  if (process.env.ANALYTICS_BIN) return program;
  const built = spawnSync("cargo", ["build", "--quiet", "-p", "analytics"], { cwd: resolve(web, "../../.."), stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) throw new Error("the platform could not be built: install Rust (rustup) so that `cargo build -p analytics` runs, or name the built program in ANALYTICS_BIN");
  return program;
}

async function answers(url: string, seconds: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < seconds * 5; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${url} never answered; the platform ended with ${child.exitCode}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${url} did not answer within ${seconds} s`);
}

export async function startStack(): Promise<Stack> {
  for (const front of ["shop", "analytics"]) if (!existsSync(join(web, "..", front, "dist/index.html"))) throw new Error(`app/web/${front} is not built: run \`npm run build\` there`);
  const program = catalog();
  const platform = analytics(program);
  const running: ChildProcess[] = [];
  const postgres = await startPostgres();
  const data = mkdtempSync(join(tmpdir(), "shop-e2e-"));
  // The store runs under an account of its own, which must get in.
  chmodSync(data, 0o755);
  // An interrupted run tears nothing down: vitest exits at once, and what it started would live on.
  process.once("exit", () => running.forEach((child) => child.kill("SIGINT")));
  const stop = async () => {
    for (const child of running.toReversed()) await end(child, "SIGINT");
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const [collector, figures, dashboard] = [port, port + 1, port + 2].map((one) => `http://127.0.0.1:${one}`) as [string, string, string];
    const up = spawn(platform, ["up", "--demo", "0", "--port", String(port), "--data", data], {
      env: { ...process.env, WEB_ROOT: join(web, "../analytics/dist"), SITE_TOKENS: `shop:${TOKEN}` },
      stdio: ["ignore", "ignore", "inherit"],
    });
    running.push(up);

    const database = { DB_HOST: "127.0.0.1", DB_PORT: String(postgres.port), DB_NAME: "postgres", DB_USER: "postgres", DB_PASSWORD: "unused", DB_CONNECT_SECONDS: "20" };
    const seeded = spawnSync(program, ["seed"], { env: { PATH: process.env.PATH, ...database }, encoding: "utf8" });
    if (seeded.status !== 0) throw new Error(`catalog seed failed: ${seeded.stderr}${seeded.stdout}`);
    const start = async (command: "api" | "web", settings: Record<string, string>) => {
      const server = await serve(program, command, await freePort(), settings);
      running.push(server.child);
      return server.url;
    };
    const api = await start("api", { ...database, DRAIN_SECONDS: "0", SHUTDOWN_SECONDS: "2", RATE_LIMIT: "0", SHOP: "true", ANALYTICS_URL: collector, ANALYTICS_TOKEN: TOKEN });
    const shop = await start("web", { API_URL: api, ANALYTICS_URL: collector, WEB_ROOT: join(web, "dist") });
    await answers(`${figures}/ready`, 120, up);
    await answers(`${dashboard}/health`, 20, up);
    return { shop, api, dashboard, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
