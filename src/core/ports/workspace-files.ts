/** The files of workspaces, with the rights of the agents: no more can be read, or written, than they can. */
export interface WorkspaceFiles {
  /** Puts what people sent into the folder `inbox` of a workspace, under this name or a numbered one that is free; nothing
   *  is overwritten, and one that is there already with the same content is taken for it. All of it is on disk once it
   *  resolves, with the path from the workspace.
   *  @throws GatewayError `invalid_field` (field `file`) when it cannot be there, `storage_unavailable` when the disk
   *  refuses. */
  receive(workspace: string, name: string, bytes: Uint8Array): Promise<string>;
  /** A file that the agent names, by a path from its workspace or a whole one.
   *  @throws GatewayError `storage_unavailable` when it cannot be read now. */
  read(workspace: string, path: string, maxBytes: number): Promise<FoundFile>;
}

export type FoundFile =
  | { readonly kind: 'found'; readonly bytes: Uint8Array }
  /** `why` goes on a sentence: "it …". */
  | { readonly kind: 'refused'; readonly why: string };
