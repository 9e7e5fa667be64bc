// Sets up what a fresh clone lacks: tmux, git, node_modules and with them the project's own Node.
// Plain JavaScript for Node 20, without dependencies: it runs before there are any, as npm's `pre…` script.
// One line for each thing it does; what the programs have to say about it is shown when they fail.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Each with the package that brings it. */
const PROGRAMS = { tmux: 'tmux', git: 'git', pkill: 'procps' };
const NODE_MAJOR = 24;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');

ensurePrograms();
ensureModules();

function ensurePrograms() {
  const missing = Object.entries(PROGRAMS).flatMap(([program, name]) => (findProgram(program) === null ? [name] : []));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram('apt-get') !== null) {
    say(`installing ${missing.join(' and ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    runOrGiveUp('apt-get', ['update'], env);
    runOrGiveUp('apt-get', ['install', '-y', '--no-install-recommends', ...missing], env);
    return;
  }
  giveUp(`${missing.join(' and ')} not found. Install with:\n\n  ${toInstallCommand(missing)}\n`);
}

function toInstallCommand(missing) {
  const names = missing.join(' ');
  const commands = {
    brew: `brew install ${names}`,
    'apt-get': `sudo apt-get update && sudo apt-get install -y ${names}`,
    dnf: `sudo dnf install -y ${names}`,
    apk: `sudo apk add ${names}`,
    pacman: `sudo pacman -S --noconfirm ${names}`,
    zypper: `sudo zypper install -y ${names}`,
  };
  const manager = Object.keys(commands).find((name) => findProgram(name) !== null);
  if (manager !== undefined) return commands[manager];
  return process.platform === 'darwin' ? commands.brew : commands['apt-get'];
}

function ensureModules() {
  if (isInstalled() && readNodeMajor() >= NODE_MAJOR) return;
  say('installing the packages of package-lock.json');
  const [program, ...first] = findNpm();
  // --include: with NODE_ENV=production npm would leave out the packages that run the demo and the tests.
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  runOrGiveUp(program, args, toNpmEnvironment());
  if (readNodeMajor() < NODE_MAJOR) {
    giveUp(
      `node_modules/.bin/node is not Node ${NODE_MAJOR}: let npm run install scripts (npm config set ignore-scripts false), then: npm ci`,
    );
  }
}

/** Compares contents: after a clone or a checkout, times of files mean nothing. npm writes its copy of the lock last. */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(modules, '.package-lock.json'));
  if (present === null) return false;
  if (wanted === null) giveUp('package-lock.json is missing or damaged: restore it with git');
  for (const [path, { version, integrity, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    if (found === undefined) {
      // Packages for other platforms are rightly absent.
      if (optional || devOptional) continue;
      return false;
    }
    if (found.version !== version || found.integrity !== integrity) return false;
  }
  return Object.keys(present).every((path) => path in wanted);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    // Missing, or cut off by a kill: the caller installs anew.
    return null;
  }
}

function readNodeMajor() {
  const { stdout } = spawnSync(join(modules, '.bin', 'node'), ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0);
}

/** The npm that runs this script, below a Node from outside: `npm ci` begins by deleting node_modules, and the Node in it. */
function findNpm() {
  const cli = process.env.npm_execpath ?? '';
  if (!cli.endsWith('npm-cli.js') || cli.startsWith(modules + sep) || !existsSync(cli)) return ['npm'];
  return [findProgram('node', (folder) => !folder.startsWith(modules + sep)) ?? process.execPath, cli];
}

/** Without what the outer npm and a production shell pass on that would change which packages are installed. */
function toNpmEnvironment() {
  const disturbing =
    /^(node_env|npm_config_(omit|include|only|also|production|dev|optional|global|location|dry_run|package_lock|package_lock_only|workspaces?|install_strategy))$/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !disturbing.test(name)));
  const path = (env.PATH ?? '').split(delimiter).filter((folder) => !resolve(folder).startsWith(modules + sep));
  return { ...env, PATH: path.join(delimiter) };
}

function findProgram(name, mayLookIn = () => true) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '' || !mayLookIn(resolve(folder))) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

function runOrGiveUp(program, args, env) {
  // The shell joins both outputs, so that each line keeps its place.
  const joined = ['-c', 'exec "$@" 2>&1', 'sh', program, ...args];
  const options = { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: Infinity };
  const { status, stdout } = spawnSync('/bin/sh', joined, options);
  if (status === 0) return;
  process.stderr.write(stdout ?? '');
  giveUp(`failed: ${[program, ...args].join(' ')}`);
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function giveUp(text) {
  say(text);
  process.exit(1);
}
