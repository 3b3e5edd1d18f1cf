/** Chunks that are asked for again: a lost packet is no reason to lose the page. */

type Module = { default: unknown };

/** A chunk that did not come, however often it was asked for. */
export class ChunkError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "ChunkError";
  }
}

const WAITS_MS = [250, 750, 2_000];
// The words of Chromium, Firefox, Safari, and Vite for a style sheet.
const MISSING = /dynamically imported module|Importing a module script failed|Unable to preload CSS/;

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The chunk, asked for up to four times. What fails for another reason than its absence is thrown as it is. */
export async function retried<M extends Module>(load: () => Promise<M>): Promise<M> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof Error) || !MISSING.test(error.message)) throw error;
      const pause = WAITS_MS[attempt];
      if (pause === undefined) throw new ChunkError(error);
      await wait(pause);
      await renewStyles(error.message);
      const again = await underAnotherAddress<M>(error.message, attempt);
      if (again) return again;
    }
  }
}

/** A browser may remember that a module failed; under another address it asks anew. */
async function underAnotherAddress<M>(message: string, attempt: number): Promise<M | undefined> {
  const address = /https?:\/\/\S+\.js/.exec(message)?.[0];
  if (!address || attempt === 0) return undefined;
  try {
    return (await import(/* @vite-ignore */ `${address}?again=${attempt}`)) as M;
  } catch {
    return undefined;
  }
}

/** Vite asks for a style sheet once: a part whose sheet was lost would come without its looks the next time. */
async function renewStyles(message: string): Promise<void> {
  const address = /CSS for (\S+\.css)/.exec(message)?.[1];
  if (!address) return;
  document.head.querySelector(`link[href="${CSS.escape(address)}"]`)?.remove();
  await new Promise<void>((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = () => done();
    link.onerror = () => {
      link.remove();
      done();
    };
    document.head.append(link);
  });
}
