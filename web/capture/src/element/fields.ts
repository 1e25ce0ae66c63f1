/** What the fields of documents are called: the contract's names, as a person would say them. Pure. */

import type { MessageId, Translate } from "../locale.ts";
import type { CardField } from "../messages.ts";

const LABELS = {
  name: ["FullName", "Name", "EnName"],
  name_chinese: ["ChineseName", "ChName"],
  name_english: ["EnglishName"],
  name_local: ["FullNameLocal"],
  surname: ["LastName", "Surname"],
  given: ["FirstName", "GivenName"],
  middle: ["MiddleName"],
  number: ["LicenseNumber", "LicenseNo", "ID", "Number", "VIN", "CRN"],
  registration: ["RegistrationNumber", "PersonalNumber"],
  sex: ["Sex"],
  birthday: ["Birthday", "ThaiBirthday"],
  issued: ["IssuedDate", "IssueDate", "DateOfIssue", "ThaiIssueDate"],
  issued_current: ["CurrentIssueDate"],
  expires: ["DueDate", "ExpiresDate", "DateOfExpiration", "ExpirationDate", "ThaiExpirationDate"],
  validity: ["ValidDate"],
  address: ["FormattedAddress", "Address"],
  street: ["Street"],
  village: ["Village"],
  area: ["Area"],
  city: ["City"],
  province: ["Province"],
  postcode: ["PostCode"],
  nationality: ["Nationality", "Citizenship", "NationalityCode"],
  ethnic: ["Nation", "Race"],
  born_in: ["CountryOfBirth"],
  country: ["IssuingCountry", "IssuedCountry"],
  authority: ["Authority", "IssuedAuthority", "IssueAuthority"],
  issue_place: ["IssueAddress"],
  religion: ["Religion"],
  blood: ["BloodType"],
  marital: ["MaritalStatus", "CivilStatus"],
  occupation: ["Occupation"],
  type: ["Type"],
  residence: ["Permanent"],
  symbols: ["Symbol"],
  version: ["HKIDVersion"],
  code: ["AgencyCode", "PrecinctNo", "NRICCode"],
  line_1: ["PassportCodeFirst", "Field1"],
  line_2: ["PassportCodeSecond", "Field2"],
} as const satisfies Record<string, readonly string[]>;

const LABEL_OF = new Map(Object.entries(LABELS).flatMap(([label, names]) => names.map((name) => [name as string, label])));

/** Every label there is, for the test that looks for its text. */
export const FIELD_LABELS = Object.keys(LABELS);

export function fieldLabel(name: string, t: Translate): string {
  const label = LABEL_OF.get(name);
  if (!label) return name.replace(/([a-z])([A-Z])/g, "$1 $2");
  const text = t(`field.${label}` as MessageId);
  return name.startsWith("Thai") ? t("field.thai", { field: text }) : text;
}

export interface Line {
  label: string;
  names: string[]; // the contract has the same thing under several names
  value: string;
  editable: boolean;
}

/** One line for each thing that was read: what has the same label and the same value is shown once. */
export function lines(fields: readonly CardField[], t: Translate): Line[] {
  const found = new Map<string, Line>();
  for (const { name, value, editable } of fields) {
    const label = fieldLabel(name, t);
    const known = found.get(`${label}\n${value}`);
    if (known) known.names.push(name);
    else found.set(`${label}\n${value}`, { label, names: [name], value, editable });
  }
  return [...found.values()];
}
