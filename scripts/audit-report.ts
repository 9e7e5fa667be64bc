/** What jest writes of a run, as far as it is read. */
export interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Each promise that does not hold, with its first lines. */
export function listFailures({ testResults }: Report): readonly string[] {
  const failed = testResults.flatMap(({ message, assertionResults }) => {
    const broken = assertionResults.filter(({ status }) => status === 'failed');
    // A suite that could not begin has no test to tell of.
    if (broken.length === 0 && assertionResults.length === 0 && message !== '') return [message];
    return broken.map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
  });
  return failed.map(firstLines);
}

const LINES_SHOWN = 12;

function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s+at /.test(line));
  return lines.slice(0, LINES_SHOWN).join('\n  ');
}
