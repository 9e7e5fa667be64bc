import { claudeProgram } from './helpers/claude-program.ts';
import { startScriptedModel } from './helpers/scripted-model.ts';
import { openBareAgent } from './helpers/bare-agent.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
for (const [name, env, input] of [['fork0', { CLAUDE_CODE_FORK_SUBAGENT: '0' }, {}], ['fork0+false', { CLAUDE_CODE_FORK_SUBAGENT: '0' }, { run_in_background: false }], ['nobg', { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1' }, {}]] as any) {
const model = await startScriptedModel((p: string) => { const w = p.trim().split(' ')[0];
  if (w === 'delegate') return { tool: 'Agent', input: { description: 'a job', prompt: 'touch x', subagent_type: 'general-purpose', ...input }, answer: 'delegated' } as any;
  if (w === 'touch') return { tool: 'Bash', input: { command: 'date >> x', description: 'd' }, answer: 'after' };
  return 'ok'; });
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
let hold: any = new Promise(() => {});
const settings = JSON.stringify({ env });
const agent = await openBareAgent({ bin: claudeProgram(), extraArgs: ['--add-dir', '/tmp'], baseUrl: model.url, settings: settings } as any, (r: any) => ({}));
const cwd = (agent.reports[0] as any).cwd; mkdirSync(cwd + '/.claude', { recursive: true }); writeFileSync(cwd + '/.claude/settings.json', settings);
await wait(3000);
await agent.paste('delegate'); await wait(300); await agent.keys('Enter'); await wait(4000);
console.log(name, agent.reports.map((r: any) => `${r.hook_event_name}${r.tool_name ? ':' + r.tool_name : ''}${r.tool_response?.status ? '=' + r.tool_response.status : ''}`).join(' '));
await agent.close(); await model.close();
}
process.exit(0);
