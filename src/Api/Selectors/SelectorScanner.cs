using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Selectors;

/// <summary>Reads words and marks out of a selector's text, skipping blanks.</summary>
internal ref struct SelectorScanner(string text)
{
    private int _at;

    public bool AtEnd
    {
        get
        {
            SkipBlanks();
            return _at == text.Length;
        }
    }

    public bool TryTake(char mark)
    {
        SkipBlanks();
        if (_at >= text.Length || text[_at] != mark) return false;
        _at++;
        return true;
    }

    public string Word() => OptionalWord() is { Length: > 0 } word ? word : throw Fault();

    public string OptionalWord()
    {
        SkipBlanks();
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' or '_' or '.' or '/')) _at++;
        return text[start.._at];
    }

    public readonly ApiException Fault() =>
        ApiError.BadRequest($"unable to parse requirement: found '{(_at < text.Length ? text[_at..] : "end of text")}' at position {_at} of \"{text}\"")
            .AsException();

    private void SkipBlanks()
    {
        while (_at < text.Length && (text[_at] is ' ' or '\t')) _at++;
    }
}
