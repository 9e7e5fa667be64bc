import { randomBytes } from 'node:crypto';

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

export function toJson(fields: object): Body {
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(fields)) };
}

/** `fields` are written as Telegram reads them: text as it is, all else as JSON. The file's name is one of ours. */
export function toMultipart(fields: object, { field, name, bytes }: UploadedFile): Body {
  const boundary = `gatehouse-${randomBytes(16).toString('hex')}`;
  const part = (head: string): string => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n`;
  const texts = Object.entries(fields).map(
    ([key, value]) => `${part(`name="${key}"`)}\r\n${typeof value === 'string' ? value : JSON.stringify(value)}\r\n`,
  );
  const head = `${part(`name="${field}"; filename="${name}"`)}Content-Type: application/octet-stream\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(texts.join('') + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
