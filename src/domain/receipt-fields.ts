import { lowerAscii } from '../base/ascii.ts';

/** A name of the receipt, or a member that is made of others. */
interface FieldSpec {
  /** As the service writes it; null: made of others. */
  readonly name: string | null;
  /** Where the receipt has it; with a dot inside `card` or `emv`. None: known, and in `fields` alone. */
  readonly member?: string;
  /** Default: text. */
  readonly kind?: 'boolean';
  /** What a person's table calls the row that shows it. None: it stands among the other fields. */
  readonly label?: string;
  /** It decides how the money is judged. */
  readonly decides?: true;
  /** `--debug` may show it: neither the holder's name nor, beside the last four digits, the first six or the expiration. */
  readonly traced?: true;
}

/** Every field that is known, in the order in which the receipt has them: reading, schema, table and trace are made from it. */
export const receiptFields = [
  { name: 'transactionStatus', member: 'transactionStatus', label: 'Status', decides: true, traced: true },
  { name: null, member: 'transactionStatusMeaning', label: 'Status' },
  { name: 'transactionID', member: 'transactionId', label: 'Transaction', decides: true, traced: true },
  { name: 'primaryTransactionID', member: 'primaryTransactionId', label: 'Belongs to', decides: true, traced: true },
  {
    name: 'primaryTransactionStatus',
    member: 'primaryTransactionStatus',
    label: 'Its own status',
    decides: true,
    traced: true,
  },
  { name: 'transactionDate', member: 'transactionDate', label: 'Date', traced: true },
  { name: 'cardBrand', member: 'card.brand', label: 'Card', traced: true },
  { name: 'paymentCardType', member: 'card.type', traced: true },
  { name: 'cardBINNumber', member: 'card.bin', label: 'Card' },
  { name: 'lastFourDigits', member: 'card.lastFour', label: 'Card', traced: true },
  { name: null, member: 'card.masked', label: 'Card' },
  { name: null, member: 'card.expiration', label: 'Card' },
  { name: 'cardExpirationMonth', label: 'Card' },
  { name: 'cardExpirationYear', label: 'Card' },
  { name: 'cardHolderName', member: 'card.holderName', label: 'Cardholder' },
  { name: 'EMVCardEntryMode', member: 'card.entryMode', label: 'Card', traced: true },
  { name: 'authorizationNumber', member: 'authorizationNumber', label: 'Authorization' },
  { name: 'responseCode', member: 'responseCode', label: 'Response', decides: true, traced: true },
  { name: 'responseMessage', member: 'responseMessage', label: 'Response' },
  {
    name: 'partialApprovalAmount',
    member: 'partialApprovalAmount',
    label: 'Approved part',
    decides: true,
    traced: true,
  },
  { name: 'amount', member: 'amount', label: 'Amount' },
  { name: 'authorizationText', member: 'authorizationText' },
  { name: 'paymentPlanID', member: 'paymentPlanId', label: 'Payment plan' },
  { name: 'saveOnFileTransactionID', member: 'saveOnFileTransactionId', label: 'Stored card' },
  { name: 'isEMVTransaction', member: 'emv.isEmvTransaction', kind: 'boolean' },
  { name: 'IsEMVVerifiedByPIN', member: 'emv.verifiedByPin', kind: 'boolean' },
  { name: 'errorCode', decides: true, traced: true },
  { name: 'errorMessage', traced: true },
  { name: 'EMVAuthorizationMode' },
  { name: 'EMVApplicationIdentifier' },
  { name: 'EMVApplicationName' },
  { name: 'EMVCardHolderVerification' },
  { name: 'EMVTerminalVerificationResults' },
  { name: 'EMVIssuerApplicationData' },
  { name: 'EMVTransactionStatusInformation' },
  { name: 'EMVApplicationResponseCode' },
  { name: 'isSignatureRequired' },
  { name: 'userID' },
  { name: 'status' },
  { name: 'singleSignOnToken' },
] as const satisfies readonly FieldSpec[];

/** The same with the optional members on each. */
export const fieldSpecs: readonly FieldSpec[] = receiptFields;

/** Names that decide how the money is judged. With two different values for one of them the receipt is ambiguous. */
export const decidingNames: readonly string[] = fieldSpecs.flatMap(({ name, decides }) =>
  decides && name ? [name] : [],
);

type Member = Extract<(typeof receiptFields)[number], { readonly member: string }>['member'];

/** The members of the receipt, of its `card` and of its `emv`, as the table has them. */
export type TopMember = Exclude<Member, `${string}.${string}`>;
export type CardMember = Member extends infer M ? (M extends `card.${infer Own}` ? Own : never) : never;
export type EmvMember = Member extends infer M ? (M extends `emv.${infer Own}` ? Own : never) : never;

/** The names of the fields that are so, in lower case: a service's spelling differs now and then. */
export const namesOf = (isSo: (spec: FieldSpec) => boolean): ReadonlySet<string> =>
  new Set(fieldSpecs.flatMap((spec) => (spec.name !== null && isSo(spec) ? [lowerAscii(spec.name)] : [])));
