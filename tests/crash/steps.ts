import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where a gateway is killed: so many steps behind the moment from which they are counted, before the step or behind it.
 *  A step is a write of the store, or a call of git; of two in one moment the number may be that of one alone. */
export interface KillPlan {
  readonly at: number;
  readonly when: 'before' | 'behind';
}

/** Counts the steps of a gateway and of the git that it runs, and kills it where the plan says. */
export interface Steps {
  /** Holds the program that stands in the place of git: first in PATH. */
  readonly bin: string;
  /** From here on steps are counted; null: nobody is killed. */
  arm(plan: KillPlan | null): void;
  /** They are not counted any more; the names of those that were. */
  disarm(): readonly string[];
}

/** `git`: the real one. Whoever is no gateway's git is none of these. */
export function createSteps(folder: string, git: string): Steps {
  const place = toPlace(folder);
  const bin = path.join(folder, 'bin');
  for (const made of [place.steps, bin]) mkdirSync(made, { recursive: true });
  writeFileSync(path.join(bin, 'git'), toProgram(folder, git), { mode: 0o755 });
  return {
    bin,
    arm(plan) {
      writeFileSync(place.plan, plan === null ? 'never\n' : `${plan.when} ${plan.at}\n`);
    },
    disarm() {
      rmSync(place.plan, { force: true });
      const names = readdirSync(place.steps).toSorted((one, other) => Number.parseInt(one) - Number.parseInt(other));
      for (const name of names) rmSync(path.join(place.steps, name));
      return names.map((name) => name.replace(/^\d+ /, ''));
    },
  };
}

/** In the gateway: `die` does not return. */
export function createOwnSteps(
  folder: string,
  die: () => void,
): <T>(name: string, step: () => Promise<T>) => Promise<T> {
  const place = toPlace(folder);
  writeFileSync(place.gateway, String(process.pid));
  return async (name, step) => {
    if (!existsSync(place.plan)) return step();
    const [when, planned] = readFileSync(place.plan, 'utf8').trim().split(' ');
    const at = readdirSync(place.steps).length;
    writeFileSync(path.join(place.steps, `${at} ${name}`), '');
    const isNow = at >= Number(planned);
    if (isNow && when === 'before') die();
    const result = await step();
    if (isNow && when === 'behind') die();
    return result;
  };
}

function toPlace(folder: string) {
  const at = (name: string): string => path.join(folder, name);
  return { steps: at('steps'), plan: at('plan'), gateway: at('gateway') };
}

/** The gateway's git is known by the name under which it commits; agents call git as well. */
function toProgram(folder: string, git: string): string {
  const { steps, plan, gateway } = toPlace(folder);
  return `#!/bin/sh
if [ "$GIT_AUTHOR_EMAIL" != gatehouse@localhost ] || [ ! -e '${plan}' ]; then exec '${git}' "$@"; fi
n=$(ls '${steps}' | wc -l)
: >"${steps}/$n git $1"
die() { kill -9 "$(cat '${gateway}')"; sleep 2; exit 1; }
read -r when planned <'${plan}'
[ "$when" = before ] && [ "$n" -ge "$planned" ] && die
'${git}' "$@"
code=$?
[ "$when" = behind ] && [ "$n" -ge "$planned" ] && die
exit $code
`;
}
