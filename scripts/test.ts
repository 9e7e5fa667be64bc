// `npm test`: the checks, the quick half, then all that is real, and no further than the first that is broken.
// With arguments it is jest for a part: `npm test -- lanes`.
import { spawnSync } from 'node:child_process';

const part = process.argv.slice(2);
const steps = part.length > 0 ? [['jest', '--', ...part]] : [['check'], ['test:unit'], ['test:real']];

for (const step of steps) {
  const { status } = spawnSync('npm', ['run', '--silent', ...step], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
