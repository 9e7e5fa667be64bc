/** A message of tmux's own protocol, as its clients and servers speak it over the socket. */
export interface Message {
  readonly type: number;
  readonly data: Buffer;
}

/** The protocol of tmux 3.3a and of its newest source (tmux-protocol.h). A server that speaks another one answers every
 *  message with its `version`, and does nothing else. */
const PROTOCOL = 8;

/** What a message is called there, and its number. */
export const MESSAGE = {
  version: 12,
  flags: 100,
  term: 101,
  ttyName: 102,
  environ: 105,
  identified: 106,
  clientPid: 107,
  cwd: 108,
  features: 109,
  longFlags: 111,
  command: 200,
  exit: 203,
  shutdown: 210,
  readOpen: 300,
  read: 301,
  readDone: 302,
  writeOpen: 303,
  write: 304,
  writeReady: 305,
} as const;

/** Type, length with this header, flags, protocol, and a process id that nobody looks at. */
const HEADER_BYTES = 16;
/** A server ends a client that sends more. */
const BYTES_MAX = 16_384;

/** What fits into one message. */
export const DATA_MAX = BYTES_MAX - HEADER_BYTES;

/** @throws RangeError for more than fits into one. */
export function toMessage(type: number, data: Buffer = Buffer.alloc(0)): Buffer {
  if (data.length > DATA_MAX) throw new RangeError(`a message of tmux has at most ${DATA_MAX} bytes`);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(type, 0);
  header.writeUInt16LE(HEADER_BYTES + data.length, 4);
  header.writeUInt32LE(PROTOCOL, 8);
  header.writeInt32LE(-1, 12);
  return Buffer.concat([header, data]);
}

/** Numbers as they stand in messages, of 4 bytes each. */
export function toNumbers(...numbers: readonly number[]): Buffer {
  return Buffer.from(Int32Array.from(numbers).buffer);
}

/** Text as it stands in messages. @throws TypeError for one with a NUL, which would end it. */
export function toText(text: string): Buffer {
  if (text.includes('\0')) throw new TypeError('tmux takes no text with a NUL in it');
  return Buffer.from(`${text}\0`);
}

/** Takes what comes, and gives the messages that are whole by now. @throws Error for what is none. */
export function createMessageReader(): (chunk: Buffer) => readonly Message[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt16LE(4);
      if (length < HEADER_BYTES) throw new Error('not a message of tmux');
      if (rest.length < length) break;
      messages.push({ type: rest.readUInt32LE(0), data: rest.subarray(HEADER_BYTES, length) });
      rest = rest.subarray(length);
    }
    return messages;
  };
}
