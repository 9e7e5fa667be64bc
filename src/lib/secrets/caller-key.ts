import { createHash, randomBytes } from 'node:crypto';

/** Of a key `gh_<id>_<secret>`, by which people and scanners of secrets know it. */
export const CALLER_KEY = /^gh_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** For a new id, or another one for this. */
export function makeApiKey(id: string = randomBytes(8).toString('hex')) {
  const key = `gh_${id}_${randomBytes(32).toString('base64url')}`;
  return { key, id, sha256: createHash('sha256').update(key).digest('hex') };
}
