// @ts-nocheck: the types of lookup have more overloads than this stand-in needs.
// Gives two.example two addresses: one that is there, and behind it one where nothing listens.
const dns = require('node:dns');

const { lookup } = dns;
const addresses = [
  { address: '127.0.0.1', family: 4 },
  { address: '127.0.0.9', family: 4 },
];
dns.lookup = (host, options, done) => {
  if (host !== 'two.example') return lookup(host, options, done);
  return process.nextTick(() => done(null, options.all ? addresses : addresses[0].address, 4));
};
