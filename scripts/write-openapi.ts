// Writes openapi.yaml from the schemas of the routes; with --check it only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { renderOpenApi } from '../src/http/openapi.ts';

const file = new URL('../openapi.yaml', import.meta.url);
const rendered = await renderOpenApi();
if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== rendered) {
    process.stderr.write('openapi.yaml is not what the routes say: run npm run openapi\n');
    process.exit(1);
  }
} else {
  await writeFile(file, rendered);
}
