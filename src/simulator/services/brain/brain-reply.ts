/** What a scripted model answers: text, tool calls, or both. */
export interface BrainReply {
  text: string;
  toolCalls: readonly BrainToolCall[];
}

export interface BrainToolCall {
  name: string;
  argumentsJson: string;
}

/** A tool call with its arguments as a model writes them. */
export function toolCall(name: string, args: object): BrainToolCall {
  return { name, argumentsJson: JSON.stringify(args) };
}
