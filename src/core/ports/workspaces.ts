/** The folders in which agents work. */
export interface Workspaces {
  /** Creates the folder when it is missing and returns its real, absolute path.
   *  @throws GatewayError `invalid_field` (field `workspace`) when it is a file or a link, or cannot be created;
   *  `not_found` for a session of quick tasks without its worktree. */
  ensure(workspace: string): Promise<string>;
  /** The path that `ensure` would return; makes nothing, and looks at nothing in the folder. */
  locate(workspace: string): Promise<string>;
  /** Rejects while no folder can be made. */
  check(): Promise<void>;
}
