// Before a session: denies a prompt that holds a secret. After it: writes the answer down with secrets blacked out.
// config: { patterns: ["AKIA[0-9A-Z]{16}"], file: "/var/log/answers.txt" }
import { appendFile } from 'node:fs/promises';

const toPatterns = ({ patterns = [] }) => patterns.map((pattern) => new RegExp(pattern, 'g'));

/** @type {import('gatehouse/hooks').PreSession} */
export function preSession({ config, message_text: text }) {
  if (toPatterns(config).every((pattern) => !pattern.test(text))) return {};
  return { allow: false, reason: 'The prompt holds a secret: take it out and send it again.' };
}

/** @type {import('gatehouse/hooks').PostSession} */
export async function postSession({ config, project, response_text: text }) {
  const redacted = toPatterns(config).reduce((rest, pattern) => rest.replaceAll(pattern, '[redacted]'), text ?? '');
  await appendFile(String(config.file), `${project}: ${redacted}\n`);
}
