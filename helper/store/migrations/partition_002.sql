-- What the packets of a flow came through, as flow.tunnel shows it.
ALTER TABLE slice ADD COLUMN tunnel TEXT;
