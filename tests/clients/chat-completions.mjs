// OpenAI's chat completions, which many clients talk to a model of one's own in; for model.mjs.
import { events } from './model.mjs';

const spoken = (delta, why) =>
  events(
    ...[
      { index: 0, delta: { role: 'assistant', ...delta }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: why },
    ].map((choice) => JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, choices: [choice] })),
    '[DONE]',
  );

export const chatCompletions = {
  tools: ({ tools = [] }) => tools.map((tool) => tool.function.name),
  results: ({ messages = [] }) => messages.filter(({ role }) => role === 'tool').map((message) => message.content),
  call: (name, args) => {
    const call = { index: 0, id: 'call_1', type: 'function', function: { name, arguments: JSON.stringify(args) } };
    return spoken({ tool_calls: [call] }, 'tool_calls');
  },
  text: (text) => spoken({ content: text }, 'stop'),
};
