// The tools, resources and prompts that the conformance suite wants to find in a server.

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

const text = (words) => ({ type: 'text', text: words });
const image = { type: 'image', data: PNG, mimeType: 'image/png' };
const embedded = (uri, words, mimeType = 'text/plain') => ({
  type: 'resource',
  resource: { uri, mimeType, text: words },
});

const string = (more) => ({ type: 'string', ...more });
const asks = (properties, required = []) => ({ type: 'object', properties, required });
const titled = (values, title) => values.map((value, n) => ({ const: value, title: title[n] }));

const NOTHING = { type: 'object', properties: {} };
const tool = (name, more, inputSchema = NOTHING) => ({ name, description: name, inputSchema, ...more });
const answering = (name, ...content) => tool(name, { answer: { content } });

/** `answer` is what a tool answers, `asks` the form it shows; neither is shown in the list. */
export const TOOLS = [
  answering('test_simple_text', text('This is a simple text response for testing.')),
  answering('test_image_content', image),
  answering('test_audio_content', { type: 'audio', data: WAV, mimeType: 'audio/wav' }),
  answering('test_embedded_resource', embedded('test://embedded-resource', 'This is an embedded resource content.')),
  answering(
    'test_multiple_content_types',
    text('Multiple content types test:'),
    image,
    embedded('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
  ),
  tool('test_error_handling', {
    answer: { isError: true, content: [text('This tool intentionally returns an error for testing')] },
  }),
  tool('test_tool_with_logging'),
  tool('test_tool_with_progress'),
  tool('test_reconnection'),
  tool('test_sampling', {}, asks({ prompt: string() }, ['prompt'])),
  tool(
    'test_elicitation',
    {
      asks: asks(
        {
          username: string({ description: "User's response" }),
          email: string({ description: "User's email address" }),
        },
        ['username', 'email'],
      ),
    },
    asks({ message: string() }, ['message']),
  ),
  tool('test_elicitation_sep1034_defaults', {
    asks: asks({
      name: string({ default: 'John Doe' }),
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: string({ enum: ['active', 'inactive', 'pending'], default: 'active' }),
      verified: { type: 'boolean', default: true },
    }),
  }),
  tool('test_elicitation_sep1330_enums', {
    asks: asks({
      untitledSingle: string({ enum: ['option1', 'option2', 'option3'] }),
      titledSingle: string({ oneOf: titled(['value1', 'value2'], ['First Option', 'Second Option']) }),
      legacyEnum: string({ enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] }),
      untitledMulti: { type: 'array', items: string({ enum: ['option1', 'option2', 'option3'] }) },
      titledMulti: { type: 'array', items: { anyOf: titled(['value1', 'value2'], ['First Choice', 'Second Choice']) } },
    }),
  }),
  tool('json_schema_2020_12_tool', { answer: { content: [text('ok')] } }, {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
      address: { $anchor: 'addressDef', type: 'object', properties: { street: string(), city: string() } },
    },
    properties: {
      name: string(),
      address: { $ref: '#/$defs/address' },
      contactMethod: string({ enum: ['phone', 'email'] }),
      phone: string(),
      email: string(),
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  }),
];

export const RESOURCES = [
  {
    uri: 'test://static-text',
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  },
  { uri: 'test://static-binary', mimeType: 'image/png', blob: PNG },
  { uri: 'test://watched-resource', mimeType: 'text/plain', text: 'Watched' },
];

const prompt = (name, says, ...names) => ({ name, description: name, arguments: names.map(argument), says });
const argument = (name) => ({ name, description: name, required: true });

export const PROMPTS = [
  prompt('test_simple_prompt', () => [text('This is a simple prompt for testing.')]),
  prompt(
    'test_prompt_with_arguments',
    ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    'arg1',
    'arg2',
  ),
  prompt(
    'test_prompt_with_embedded_resource',
    ({ resourceUri }) => [
      embedded(resourceUri, 'Embedded resource content for testing.'),
      text('Please process the embedded resource above.'),
    ],
    'resourceUri',
  ),
  prompt('test_prompt_with_image', () => [image, text('Please analyze the image above.')]),
];
