// A process that adds or removes one worktree, to be killed: `node worktree-process.ts <settings> <what> <repo> <id>`.
import { createWorktrees, type WorktreeSettings } from '../../src/worktrees/worktrees.ts';

const [settings = '', what, repo = '', id = ''] = process.argv.slice(2);
const worktrees = createWorktrees(JSON.parse(settings) as WorktreeSettings);
if (what === 'add') await worktrees.add({ repo, id }, new AbortController().signal);
else await worktrees.remove({ repo, id });
