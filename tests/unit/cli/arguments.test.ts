import { describe, expect, test } from '@jest/globals';
import { parseArguments } from '../../../src/cli/arguments.ts';

describe('parseArguments', () => {
  test.each([
    [['serve'], { kind: 'serve', port: null }],
    [['serve', '--port', '8002'], { kind: 'serve', port: '8002' }],
    [['serve', '--help'], { kind: 'help' }],
    [['demo'], { kind: 'demo', once: false }],
    [['demo', '--once'], { kind: 'demo', once: true }],
    [['help'], { kind: 'help' }],
    [['--help'], { kind: 'help' }],
    [['run', '--help'], { kind: 'help' }],
    [['--version'], { kind: 'version' }],
    [['run', 'web', 'fix', 'it'], { kind: 'run', workspace: 'web', prompt: 'fix it', url: null }],
    [['run', 'web', '-'], { kind: 'run', workspace: 'web', prompt: '-', url: null }],
    [['run', 'web', '--url', 'is a flag'], { kind: 'run', workspace: 'web', prompt: '--url is a flag', url: null }],
    [['run', '--url', 'http://h:1/', 'web', 'go'], { kind: 'run', workspace: 'web', prompt: 'go', url: 'http://h:1' }],
    [['hooks', 'test', './a.sh'], { kind: 'hooks', ref: './a.sh', event: null }],
    [['hooks', 'test', 'audit', '--event', 'on_error'], { kind: 'hooks', ref: 'audit', event: 'on_error' }],
    [['status', 'req-1'], { kind: 'status', requestId: 'req-1', url: null }],
  ])('%j', (argv, command) => {
    expect(parseArguments(argv)).toEqual(command);
  });

  test.each([
    [[], /no command/],
    [['restart'], /unknown command: restart/],
    [['serve', 'now'], /takes only --port, got now/],
    [['serve', '--port'], /--port needs a port/],
    [['serve', '--port', '65536'], /--port needs a port/],
    [['serve', '--port', '-1'], /--port needs a port/],
    [['serve', '--port', '80', 'x'], /takes only --port/],
    [['down', 'now'], /down takes no arguments/],
    [['demo', '--twice'], /--twice/],
    [['run'], /needs a workspace and a prompt/],
    [['run', 'web'], /needs a workspace and a prompt/],
    [['run', '../web', 'go'], /no workspace name/],
    [['run', '--url', 'h', 'web', 'go'], /--url needs/],
    [['hooks'], /hooks needs: test <ref>/],
    [['hooks', 'run', 'a'], /hooks needs: test <ref>/],
    [['hooks', 'test', 'a', '--event', 'pre'], /--event needs one of pre_session, /],
    [['hooks', 'test', 'a', '--event', 'on_error', 'b'], /hooks needs/],
    [['status'], /one request id/],
    [['status', 'a', 'b'], /one request id/],
  ])('%j is a misuse', (argv, problem) => {
    expect(parseArguments(argv)).toEqual({ kind: 'misuse', problem: expect.stringMatching(problem) });
  });
});
