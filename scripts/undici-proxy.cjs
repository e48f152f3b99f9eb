// @ts-nocheck: undici has types for its index alone.
// The part of undici that a proxy needs, for the command line's bundle.
const EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent');
const { Pool } = require('./undici-post.cjs');

module.exports = { EnvHttpProxyAgent, Pool };
