/** Statements of whoever administers the database: the triggers that refuse rewriting are off. */
export const untriggered = (statements: string) => `
  ALTER TABLE authledger.identity_events DISABLE TRIGGER append_only;
  ALTER TABLE authledger.activity_events DISABLE TRIGGER append_only;
  DO $$ DECLARE p TEXT; BEGIN
    FOR p IN SELECT inhrelid::regclass::TEXT FROM pg_inherits
      WHERE inhparent = 'authledger.activity_events'::regclass LOOP
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER append_only', p);
    END LOOP;
  END $$;
  ${statements};`;
