/** The whole platform on loopback with a hundred made-up shoppers a day, and the built dashboard before it. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const web = resolve(import.meta.dirname, "../..");
const repository = resolve(web, "../../..");

/** The platform's program: named in ANALYTICS_BIN, or built by cargo. */
function analytics(): string {
  if (process.env.ANALYTICS_BIN) return process.env.ANALYTICS_BIN;
  const built = spawnSync("cargo", ["build", "--quiet", "-p", "analytics"], { cwd: repository, stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) throw new Error("the platform could not be built: install Rust (rustup) so that `cargo build -p analytics` runs, or name the built program in ANALYTICS_BIN");
  const metadata = spawnSync("cargo", ["metadata", "--no-deps", "--offline", "--format-version", "1"], { cwd: repository, encoding: "utf8", maxBuffer: 64 << 20 });
  const { target_directory: target } = JSON.parse(metadata.stdout) as { target_directory: string };
  return join(target, "debug/analytics");
}

const freePort = () =>
  new Promise<number>((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? done(address.port) : failed(new Error("no port"))));
    });
  });

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

export type Stack = { open: string; collector: string; stop: () => Promise<void> };

export async function startStack(): Promise<Stack> {
  const root = join(web, "dist");
  if (!existsSync(join(root, "index.html"))) throw new Error("the dashboard is not built: run `npm run build` in app/web/analytics");
  const program = analytics();
  const data = mkdtempSync(join(tmpdir(), "analytics-e2e-"));
  // The store runs under an account of its own, which must get in.
  chmodSync(data, 0o755);
  const port = await freePort();
  const environment = { ...process.env, WEB_ROOT: root };
  const up = spawn(program, ["up", "--demo", "100", "--port", String(port), "--data", data], { env: environment, stdio: ["ignore", "ignore", "inherit"] });
  // An interrupted run tears nothing down: vitest exits at once, and what it started would live on.
  process.once("exit", () => up.kill("SIGINT"));
  const stop = async () => {
    if (up.exitCode === null) {
      const ended = new Promise((done) => up.once("exit", done));
      up.kill("SIGINT");
      await ended;
    }
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const [collector, api, open] = [port, port + 1, port + 2].map((one) => `http://127.0.0.1:${one}`) as [string, string, string];
    await answers(`${api}/ready`, 120, up);
    await answers(`${open}/health`, 20, up);
    return { open, collector, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
