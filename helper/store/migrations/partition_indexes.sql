CREATE INDEX slice_sni ON slice(sni) WHERE sni IS NOT NULL;
CREATE INDEX slice_ja4 ON slice(ja4) WHERE ja4 IS NOT NULL;
CREATE INDEX slice_carried ON slice(flags) WHERE flags & 32;
CREATE INDEX handshake_flow ON handshake(session, flow);
CREATE INDEX transactions_flow ON transactions(session, flow);
CREATE INDEX transactions_name ON transactions(name);
CREATE INDEX name_name ON name(name);
