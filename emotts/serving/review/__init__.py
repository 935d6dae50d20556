"""The review page: pieces of the recording are heard, and their texts, emotions and cuts are put right."""
