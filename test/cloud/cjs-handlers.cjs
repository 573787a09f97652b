// Lambda finds a handler's file by .js, .mjs and .cjs; the emulator's worker asks `require`, which does not try the
// last one. https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
require.extensions['.cjs'] ??= require.extensions['.js'];
