// @ts-nocheck: undici has types for its index alone.
// The part of undici that a POST needs, through a proxy as well, for the command line's bundle: the whole index takes a third longer to load.
const buildConnector = require('undici/lib/core/connect');
const Client = require('undici/lib/dispatcher/client');
const Dispatcher = require('undici/lib/dispatcher/dispatcher');
const Pool = require('undici/lib/dispatcher/pool');

// As undici's own index does it with this and its four other ways to ask.
Dispatcher.prototype.connect = require('undici/lib/api/api-connect');

module.exports = { Client, Pool, buildConnector };
