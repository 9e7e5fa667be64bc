// Writes docs/hooks.schema.json, by which an editor knows HOOKS_FILE; `--check` only says whether the committed one differs.
import { readFile, writeFile } from 'node:fs/promises';
import { HooksFileSchema } from '../src/hooks/file/schema.ts';

const target = new URL('../docs/hooks.schema.json', import.meta.url);
const written = `${JSON.stringify(HooksFileSchema, null, 2)}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(target, 'utf8').catch(() => '');
  if (committed !== written) {
    process.stderr.write('docs/hooks.schema.json differs from src/hooks/file/schema.ts: run npm run openapi\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(target, written);
}
