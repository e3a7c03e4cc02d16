"""Demo identity provider (見本の本人確認サービス): デジタル認証アプリ's protocol on an origin of its own, with test residents.

It enforces every rule that the real one publishes (registered client and exact redirect address, PKCE S256, state and nonce,
private_key_jwt, single-use codes, pairwise subjects, the signing API), so that demo, tests and production run the same code
on our side. It shares no module with the relying party except the test authority of `jpki`, and never runs in production.
"""
