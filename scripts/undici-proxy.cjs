// @ts-nocheck: undici has types for its index alone.
// The part of undici that a proxy needs, for the command line's bundle.
const Dispatcher = require('undici/lib/dispatcher/dispatcher');
const EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent');
const { Pool } = require('./undici-post.cjs');

Dispatcher.prototype.connect = require('undici/lib/api/api-connect');

module.exports = { EnvHttpProxyAgent, Pool };
