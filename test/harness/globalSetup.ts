/** What every test file shares. */
export default function setup(): void {}
