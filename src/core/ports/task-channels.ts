/** Opens threads for tasks that come from outside of any: a topic of a chat, or what stands in for one. */
export interface TaskChannelFactory {
  /** The transport of its threads. Their workspaces are named `<name>-<thread id>`. */
  readonly name: string;
  /** The chat in which it opens them; '' where their ids are unique by themselves. */
  readonly chat: string;
  /** A new thread for a task of this name, which it may shorten; resolves with its id in decimal digits. What it rejects
   *  with is told to the caller when it is a GatewayError, and otherwise to the log. */
  create(taskName: string, signal: AbortSignal): Promise<string>;
}

/** Those that can be used now: a network may know its places only some time after the start, and lose them. */
export interface TaskChannels {
  /** The one of this name, or the first that is configured. Null when there is none, or while it cannot be used. */
  find(name?: string): TaskChannelFactory | null;
  /** The name of the first that is configured, whether it can be used now or not. */
  first(): string | null;
}
