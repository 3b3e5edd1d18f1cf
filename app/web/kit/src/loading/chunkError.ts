/** Chunks that did not come, however often they were asked for. `preload.js` asks, and throws this kind of error. */

export const isChunkError = (error: unknown): error is Error => error instanceof Error && error.name === "ChunkError";
