/** The port that a simulator takes when a profile has to know it beforehand. */
export const simulatorPort = 8791;

/** Invented values that the simulator takes for the right ones; a file of its own, so that naming them starts no server. */
export const simulatorSettings = {
  accountId: 'demo@instamed.net',
  alias: 'DEMO-CLINIC',
  securityKey: 'Demo+Key/NotReal',
  merchantId: '0001234567890',
  storeId: '001',
  terminalId: '002',
  nvpUser: 'demo',
  nvpPassword: 'Demo-Password-NotReal',
};
