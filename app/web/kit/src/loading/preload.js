/**
 * Stands where Vite's own helper would: fetches every file of a chunk, each up to four times, before the chunk is imported.
 *
 * A browser remembers that a module could not be fetched for as long as the page is open, also when another module only
 * needs it (https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script), so that a second
 * `import` cannot succeed. A fetched file is in the browser's cache, because its name has the hash of its contents.
 */
const WAITS_MS = [250, 750, 2_000];
/* global importAs -- the build writes `import` for it: an `import` here would be taken for one that needs this helper. */
const there = new Set();

/** Whether the page came with the file. */
const inPage = (url) => document.querySelector(`script[src="${url}"], link[href="${url}"]`) !== null;

function fetched(url) {
  return fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return answer.arrayBuffer();
  });
}

function styled(url) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = url;
    link.onload = done;
    link.onerror = () => {
      link.remove();
      failed(new Error("it was not answered"));
    };
    document.head.append(link);
  });
}

async function ready(url) {
  if (there.has(url) || inPage(url)) return;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await (url.endsWith(".css") ? styled(url) : fetched(url));
      there.add(url);
      return;
    } catch (cause) {
      const pause = WAITS_MS[attempt];
      if (pause === undefined) throw Object.assign(new Error(`${url} could not be loaded: ${cause instanceof Error ? cause.message : cause}`, { cause }), { name: "ChunkError" });
      await new Promise((later) => setTimeout(later, pause));
    }
  }
}

export async function __vitePreload(load, files = []) {
  await Promise.all(files.map((file) => ready(`/${file}`)));
  try {
    return await load();
  } catch (error) {
    // A chunk that needs no other comes without a list of files.
    const url = /dynamically imported module: (https?:\/\/\S+\.js)/.exec(error instanceof Error ? error.message : "")?.[1];
    if (url === undefined) throw error;
    await ready(url);
    return importAs(`${url}?again`);
  }
}
