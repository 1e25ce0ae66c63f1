import { css } from "lit";

export const startStyles = css`
  :host {
    --bg: #fff;
    --text: #14181f;
    --muted: #566070;
    --surface: #f3f5f9;
    --line: #d9dfe8;
    --ink: #2a6ae0;
    --on: #fff;
    --good: #157a44;
    --bad: #b3261e;
    display: block;
    color: var(--text);
    font-size: 16px;
    line-height: 1.5;
  }
  * {
    box-sizing: border-box;
  }
  main {
    max-width: 880px;
    margin: 0 auto;
    padding: clamp(20px, 2.5vw, 36px) clamp(18px, 5vw, 40px) 80px;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    margin: 0 0 clamp(14px, 2vw, 20px);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    margin: 0;
    font-size: 18px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .brand .mark {
    width: 32px;
    height: 32px;
    color: var(--ink);
  }
  .docs {
    margin-inline-start: auto;
  }
  .mark svg,
  .art svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  h1 {
    margin: 0;
    max-width: 32ch;
    font-size: clamp(28px, 4vw, 34px);
    line-height: 1.08;
    letter-spacing: -0.03em;
    font-weight: 680;
    text-wrap: balance;
  }
  :host(:is(:lang(ar), :lang(th), :lang(ja), :lang(ko), :lang(zh-Hans), :lang(zh-Hant))) :is(h1, h2) {
    line-height: 1.3;
    letter-spacing: 0;
  }
  .lead {
    max-width: 72ch;
    margin: 12px 0 0;
    color: var(--muted);
    font-size: clamp(16px, 2vw, 18px);
    text-wrap: pretty;
  }
  section {
    margin-top: 28px;
  }
  h2 {
    margin: 0 0 12px;
    font-size: 20px;
    letter-spacing: -0.012em;
    font-weight: 650;
  }
  p {
    margin: 0 0 12px;
  }
  .hint {
    margin: 12px 0 0;
    color: var(--muted);
    font-size: 15px;
  }
  .levels {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 4px;
    border-radius: 16px;
    background: var(--surface);
  }
  .level {
    position: relative;
    cursor: pointer;
  }
  .level input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .level span {
    display: block;
    min-height: 44px;
    padding: 10px 18px;
    border-radius: 12px;
    font-size: 15px;
  }
  .level b {
    margin-inline-end: 4px;
    font-weight: 650;
  }
  .level input:checked + span {
    background: var(--bg);
    color: var(--ink);
    box-shadow: 0 1px 4px rgb(0 0 0 / 0.12);
  }
  .level input:focus-visible + span,
  :focus-visible {
    outline: 3px solid var(--ink);
    outline-offset: 2px;
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
    gap: 20px;
    margin-top: 18px;
  }
  .card {
    display: flex;
    flex-direction: column;
    margin: 0;
    padding: 20px 22px;
    border: 1px solid var(--line);
    border-radius: 22px;
  }
  .card .art {
    width: 40px;
    height: 40px;
    margin-bottom: 8px;
    color: var(--ink);
  }
  .card > p {
    margin-bottom: 20px;
    color: var(--muted);
  }
  label {
    display: block;
    margin-bottom: 16px;
    color: var(--muted);
    font-size: 14px;
  }
  .levels label {
    margin: 0;
    color: var(--text);
  }
  select {
    display: block;
    width: 100%;
    min-height: 46px;
    margin-top: 6px;
    padding: 8px 12px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--bg);
    color: var(--text);
    font: inherit;
    font-size: 16px;
  }
  select.language {
    width: auto;
    min-width: 0;
    margin: 0;
    border-color: transparent;
    color: var(--muted);
    font-size: 15px;
    field-sizing: content;
    text-align-last: end; /* by its arrow */
  }
  select.language:hover {
    border-color: var(--line);
  }
  .button {
    min-height: 50px;
    padding: 12px 22px;
    border: 0;
    border-radius: 14px;
    background: var(--ink);
    color: var(--on);
    font: inherit;
    font-size: 16px;
    font-weight: 600;
    cursor: pointer;
  }
  .button.second {
    background: var(--surface);
    color: var(--text);
  }
  .button.small {
    min-height: 44px;
    padding: 8px 16px;
    font-size: 14px;
  }
  .button:disabled {
    cursor: default;
    color: var(--muted);
    background: var(--surface);
  }
  .progress {
    margin-top: 18px;
    font-size: 14px;
  }
  .frame {
    display: block;
    width: 100%;
    max-height: 240px;
    margin-top: 12px;
    object-fit: contain;
    border-radius: 12px;
    background: var(--surface);
  }
  .frame.pass {
    outline: 3px solid var(--good);
  }
  .frame:is(.retry, .fail) {
    outline: 3px solid var(--bad);
  }
  .progress ul {
    margin: 10px 0 0;
    padding: 0;
    list-style: none;
    color: var(--muted);
  }
  .progress li {
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  .end {
    margin: 10px 0 0;
    font-size: 16px;
    font-weight: 650;
  }
  .end.pass {
    color: var(--good);
  }
  .end.retry,
  .end.fail {
    color: var(--bad);
  }
  .bar {
    direction: ltr;
    height: 4px;
    border-radius: 2px;
    background: var(--surface);
    overflow: hidden;
  }
  .bar i {
    display: block;
    width: 36%;
    height: 100%;
    border-radius: 2px;
    background: var(--ink);
    animation: sweep 1.4s ease-in-out infinite alternate;
  }
  @keyframes sweep {
    to {
      transform: translateX(178%);
    }
  }
  .note {
    padding: 14px 18px;
    border-radius: 14px;
    background: var(--surface);
  }
  .note p {
    margin: 0;
  }
  .table {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 15px;
  }
  th,
  td {
    white-space: nowrap;
  }
  .said {
    width: 99%;
    white-space: normal;
  }
  th {
    padding: 8px 12px 8px 0;
    color: var(--muted);
    font-size: 13px;
    font-weight: 500;
    text-align: start;
  }
  td {
    padding: 12px 12px 12px 0;
    border-top: 1px solid var(--line);
  }
  thead td {
    border: 0;
  }
  tr.new td {
    font-weight: 650;
  }
  td a,
  a {
    display: inline-block;
    padding: 4px 0;
    color: var(--ink);
  }
  .muted {
    color: var(--muted);
  }
  .dot {
    display: inline-block;
    width: 9px;
    height: 9px;
    margin-inline-end: 8px;
    border-radius: 50%;
    background: var(--muted);
  }
  .dot.pass {
    background: var(--good);
  }
  .dot.fail {
    background: var(--bad);
  }
  .code {
    position: relative;
  }
  .code .button {
    display: block;
    margin: 0 0 10px auto; /* above the code, which is as wide as it likes */
  }
  pre {
    margin: 0;
    padding: 22px;
    border-radius: 16px;
    background: #14181f;
    color: #e8ecf3;
    font-size: 13.5px;
    line-height: 1.6;
    overflow-x: auto;
  }
  @media (max-width: 480px) {
    .levels {
      display: grid;
      grid-template-columns: repeat(4, auto);
    }
    .level span {
      padding: 11px 8px;
      font-size: 14px;
      text-align: center;
    }
    th,
    td {
      padding-inline-end: 8px;
    }
    pre {
      padding: 18px;
    }
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --bg: #101318;
      --text: #f2f4f7;
      --muted: #a6b0bf;
      --surface: #1b2029;
      --line: #343c49;
      --ink: #6f9ff6;
      --on: #101318;
      --good: #5fd394;
      --bad: #ff8f86;
    }
    pre {
      background: #1b2029;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
`;
