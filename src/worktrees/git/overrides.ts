/** What a repository's settings can make git run, set to nothing; `git-config(1)` says what each does. They are given in
 *  the environment, which goes before all files, knows names with `=` in them, and reaches the git that git starts. */
const OVERRIDES: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.alternateRefsCommand', 'true'],
  ['core.askPass', ''],
  ['core.editor', 'true'],
  ['sequence.editor', 'true'],
  ['core.pager', 'cat'],
  ['core.gitProxy', ''],
  ['credential.helper', ''],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['gpg.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['log.showSignature', 'false'],
  ['diff.external', ''],
  ['protocol.ext.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
  // In the background, and beside agents that work.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  // In repositories inside of this one, by their own settings.
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['status.submoduleSummary', 'false'],
  // Starts a fetch of its own, without what is said about it on our command line.
  ['push.negotiate', 'false'],
  ['push.followTags', 'false'],
  ['push.pushOption', ''],
  // Writes a file of any name.
  ['http.saveCookies', 'false'],
];

/** Of which no command of ours needs more than this; whatever a name in the settings is rewritten to. */
export type Protocols = 'none' | 'file' | 'ssh' | 'https' | 'http:https';

export interface Surroundings {
  /** PATH, HOME, the locale and proxies: all that git gets beside what is said here. */
  readonly base: Readonly<Record<string, string>>;
  readonly protocols: Protocols;
  /** Of settings, behind ours. */
  readonly settings: readonly (readonly [string, string])[];
}

/** The environment of git, built from nothing. */
export function toEnvironment({ base, protocols, settings }: Surroundings): Readonly<Record<string, string>> {
  const all = [...OVERRIDES, ...settings];
  const counted = all.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    ...base,
    ...IDENTITY,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=10 -oControlMaster=no',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    // What is pushed is what is shown.
    GIT_NO_REPLACE_OBJECTS: '1',
    // A missing object would be fetched from wherever the settings say.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(counted),
  };
}

const NAME = 'Gatehouse';
const EMAIL = 'gatehouse@localhost';

/** Of commits that the gateway makes itself. */
const IDENTITY = {
  GIT_AUTHOR_NAME: NAME,
  GIT_AUTHOR_EMAIL: EMAIL,
  GIT_COMMITTER_NAME: NAME,
  GIT_COMMITTER_EMAIL: EMAIL,
} as const;
