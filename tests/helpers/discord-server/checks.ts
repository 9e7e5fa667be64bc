import type { Json, World } from './world.ts';

/** What a call is answered that Discord does not take. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Json;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.body = { code, message };
  }
}

const wrong = (message: string): Refusal => new Refusal(400, 50_035, `Invalid Form Body\n${message}`);

/** Stricter than Discord: nobody may be called, and a new message has a nonce that is enforced. */
export function checkMessage(body: Json, isNew: boolean, hasFiles: boolean): void {
  const { content, components = [], allowed_mentions: mentions, nonce, enforce_nonce: enforced } = body;
  if (typeof content !== 'string') throw wrong('content: must be a text');
  if (content.trim() === '' && !hasFiles) throw new Refusal(400, 50_006, 'Cannot send an empty message');
  if (content.length > 2_000) throw wrong('content[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer in length.');
  if (JSON.stringify(mentions) !== '{"parse":[]}') throw wrong('allowed_mentions: somebody could be called');
  checkRows(components);
  if (!isNew) return;
  if (typeof nonce !== 'string' || nonce === '' || nonce.length > 25 || enforced !== true) {
    throw wrong('nonce: a text of 1 to 25 characters that is enforced');
  }
}

function checkRows(rows: unknown): void {
  if (!Array.isArray(rows) || rows.length > 5) throw wrong('components: 5 rows or fewer');
  const seen = new Set<string>();
  for (const { type, components } of rows as readonly { type: unknown; components: unknown }[]) {
    if (type !== 1 || !Array.isArray(components) || components.length < 1 || components.length > 5) {
      throw wrong('components: a row of 1 to 5 buttons');
    }
    for (const button of components as readonly Json[]) checkButton(button, seen);
  }
}

function checkButton({ type, style, label, custom_id: id }: Json, seen: Set<string>): void {
  if (type !== 2 || typeof style !== 'number' || style < 1 || style > 4) throw wrong('components: a button');
  if (typeof label !== 'string' || label.length < 1 || label.length > 80) throw wrong('label: 1 to 80 characters');
  if (typeof id !== 'string' || id.length < 1 || id.length > 100) throw wrong('custom_id: 1 to 100 characters');
  if (seen.has(id)) throw wrong('custom_id: duplicated');
  seen.add(id);
}

export function checkThread({ name, type }: Json): void {
  if (typeof name !== 'string' || name.length < 1 || name.length > 100) throw wrong('name: 1 to 100 in length.');
  if (type !== 11) throw wrong('type: a public thread');
}

export function checkCommands(body: unknown): void {
  if (!Array.isArray(body) || body.length > 100) throw wrong('100 commands or fewer');
  for (const { name, description } of body as readonly Json[]) {
    if (typeof name !== 'string' || !/^[-_a-z0-9]{1,32}$/.test(name)) throw wrong('name: 1 to 32 letters');
    if (typeof description !== 'string' || description.length < 1 || description.length > 100) {
      throw wrong('description: 1 to 100 in length.');
    }
  }
}

const VIEW = 1n << 10n;

export function checkAccess(world: World, channel: string): void {
  if (!world.channels.has(channel)) throw new Refusal(404, 10_003, 'Unknown Channel');
  if (world.kicked || (world.permissions & VIEW) === 0n) throw new Refusal(403, 50_001, 'Missing Access');
}

export function checkPermission({ permissions }: World, bit: bigint): void {
  if ((permissions & bit) === 0n) throw new Refusal(403, 50_013, 'Missing Permissions');
}
