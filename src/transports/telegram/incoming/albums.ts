import type { Said } from './read-update.ts';

/** Files that are sent together are a message each to Telegram: to us they are one, with the words of all of them. */
export interface Albums {
  /** Adds one to its album. */
  gather(part: Said, album: string): Album;
  /** Telegram was asked at this instant (of the same clock), and has told all: an album that had been quiet is whole. */
  looked(askedAt: number): void;
  /** What is not whole will not be. */
  close(): void;
}

export interface Album {
  /** Resolves with all of it; rejects when it is closed first. */
  readonly whole: Promise<Said>;
  /** Resolves as what became of it does. Set by who got its first part. */
  handled: Promise<boolean> | null;
}

interface OpenAlbum extends Album {
  readonly parts: Said[];
  readonly resolve: (whole: Said) => void;
  readonly reject: (why: Error) => void;
  latestAt: number;
}

/** From one part to the next. */
const QUIET_MS = 900;
/** Telegram takes no more. */
const PARTS_MAX = 10;

export function createAlbums(now: () => number): Albums {
  const open = new Map<string, OpenAlbum>();

  function end(key: string, { parts, resolve }: OpenAlbum): void {
    open.delete(key);
    resolve(join(parts));
  }

  return {
    gather(part, album) {
      const key = `${part.message.place.chat} ${album}`;
      const known = open.get(key) ?? createAlbum();
      open.set(key, known);
      known.parts.push(part);
      known.latestAt = now();
      if (known.parts.length >= PARTS_MAX) end(key, known);
      return known;
    },
    looked(askedAt) {
      for (const [key, album] of open) if (askedAt - album.latestAt >= QUIET_MS) end(key, album);
    },
    close() {
      for (const { reject } of open.values()) reject(new Error('closed'));
      open.clear();
    },
  };
}

function createAlbum(): OpenAlbum {
  const { promise: whole, resolve, reject } = Promise.withResolvers<Said>();
  // Its place in the order may not have come yet.
  whole.catch(() => {});
  return { whole, resolve, reject, handled: null, parts: [], latestAt: 0 };
}

function join(parts: readonly Said[]): Said {
  const [first] = parts.toSorted((one, other) => one.at.messageId - other.at.messageId);
  if (first === undefined) throw new Error('an album without parts');
  const messages = parts.map(({ message }) => message);
  const text = messages
    .map((message) => message.text)
    .filter((words) => words.trim() !== '')
    .join('\n');
  const isForwarded = messages.some((message) => message.isForwarded);
  return { ...first, message: { ...first.message, text, files: messages.flatMap(({ files }) => files), isForwarded } };
}
