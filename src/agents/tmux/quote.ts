/** One word of a command line, of tmux or of a shell. Between single quotes everything but a quote stands for itself. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
