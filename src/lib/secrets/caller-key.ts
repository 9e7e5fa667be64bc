import { createHash, randomBytes } from 'node:crypto';

/** `gh_<id>_<secret>`, by which people and scanners of secrets know it: for a new id, or another one for this. */
export function makeApiKey(id: string = randomBytes(8).toString('hex')) {
  const key = `gh_${id}_${randomBytes(32).toString('base64url')}`;
  return { key, id, sha256: createHash('sha256').update(key).digest('hex') };
}
