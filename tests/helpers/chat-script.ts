import path from 'node:path';
import type { Plan } from './scripted-model.ts';

export const NOTE = 'wash the windows';

/** What the model does in the conversations of a chat, by the first word of the prompt: `copy` uses two tools on the file
 *  that was sent and gives one back, `choose` asks a question; all else is said again. */
export function planForChat(prompt: string, workspaceOf: () => string): Plan {
  const at = (name: string): string => path.join(workspaceOf(), name);
  if (prompt.startsWith('copy')) {
    return {
      tools: [
        { tool: 'Read', input: { file_path: at('inbox/note.txt') } },
        {
          tool: 'Bash',
          input: { command: `cp ${at('inbox/note.txt')} ${at('copy.txt')}`, description: 'copy the note' },
        },
      ],
      answer: 'Here is the **copy**.\nattach: copy.txt\nattach: ../../secret',
    };
  }
  if (prompt.startsWith('choose')) {
    const options = ['Red', 'Blue'].map((label) => ({ label, description: `${label} it is` }));
    const questions = [{ question: 'Which colour?', header: 'Colour', multiSelect: false, options }];
    return { tool: 'AskUserQuestion', input: { questions }, answer: 'It is painted.' };
  }
  return `echo: ${prompt}`;
}
