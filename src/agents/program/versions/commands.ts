/** A command of the CLI, known or not. A path has another slash: it is text. */
const COMMAND = /^\/[^\s/]*(\s|$)/;

export function isCommand(text: string): boolean {
  return COMMAND.test(text);
}
