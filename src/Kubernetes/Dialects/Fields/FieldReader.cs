using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Reads the fields of one object and notes which were read: whatever is left over at the end is reported, never dropped.</summary>
internal sealed class FieldReader(Mapping fields, string path, ProblemLog problems)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ProblemLog Problems => problems;

    public string Path => path;

    /// <summary>Old configuration files give text without quotes, numbers among it.</summary>
    public bool NumbersAreText { get; init; }

    /// <summary>Notes a fault of a field, or of an item in it.</summary>
    public void Error(string name, string message) => problems.Error(At(name), message);

    public void Warn(string name, string message) => problems.Warn(At(name), message);

    public IEnumerable<string> Names => fields.Fields.Select(entry => entry.Name);

    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public bool Has(string name) => fields[name] is not (null or Scalar { Kind: ScalarKind.Null });

    public string? Text(string name)
    {
        if (Value(name) is not { } value) return null;
        if (value is Scalar scalar && (scalar.Kind == ScalarKind.String || NumbersAreText)) return scalar.Written;
        problems.Error(At(name),
            $"must be a string, not {value.Describe()}{(value is Scalar unquoted ? $"; write it in quotes: \"{unquoted.Written}\"" : "")}.");
        return null;
    }

    /// <summary>One of a few words; the first where none is written.</summary>
    public string Choice(string name, params string[] words)
    {
        if (Text(name) is not { } text) return words[0];
        if (words.Contains(text)) return text;
        problems.Error(At(name),
            $"'{text}' is none of {string.Join(", ", words)}{(Nearest.To(text, words) is { } nearest ? $"; did you mean '{nearest}'?" : ".")}");
        return words[0];
    }

    /// <summary>A value whose type varies: a number here, its text there.</summary>
    public Scalar? Scalar(string name)
    {
        if (Value(name) is not { } value) return null;
        if (value is Scalar scalar) return scalar;
        problems.Error(At(name), $"must be a number, not {value.Describe()}.");
        return null;
    }

    public string? RequiredText(string name)
    {
        if (!Has(name) || fields[name] is Scalar { Written: "" }) return Missing<string>(name);
        return Text(name);
    }

    public T? Missing<T>(string name)
        where T : class
    {
        _known.Add(name);
        problems.Error(At(name), "is missing; it must be given.");
        return null;
    }

    public bool Flag(string name, bool otherwise = false)
    {
        if (Value(name) is not { } value) return otherwise;
        if (value is Scalar { Kind: ScalarKind.Boolean } flag) return flag.Text == "true";
        problems.Error(At(name), $"must be true or false, not {value.Describe()}.");
        return otherwise;
    }

    public long? Number(string name, long least, long most)
    {
        if (Value(name) is not { } value) return null;
        if (value is Scalar { Kind: ScalarKind.Number } number
            && long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) && read >= least && read <= most)
        {
            return read;
        }
        problems.Error(At(name), string.Create(CultureInfo.InvariantCulture, $"invalid value {Shown(value)}, must be a whole number in {least}-{most}."));
        return null;
    }

    /// <summary>How many there may be of something: none or more.</summary>
    public int? Count(string name) => (int?)Number(name, 0, int.MaxValue);

    /// <summary>The number of an autonomous system; zero, the default of some schemas, is none.</summary>
    public uint? Asn(string name) => Number(name, 0, uint.MaxValue) is { } number and not 0 ? (uint)number : null;

    /// <summary>The same where it must be given.</summary>
    public uint? RequiredAsn(string name, string message)
    {
        var asn = Asn(name);
        if (asn is null && (!Has(name) || fields[name] is Scalar { Text: "0" })) problems.Error(At(name), message);
        return asn;
    }

    /// <summary>The nested object; an empty one, which has no fields to complain of, where there is none.</summary>
    public FieldReader Object(string name) =>
        new(Value(name) is { } value ? AsObject(value, At(name)) : Mapping.Empty, At(name), problems) { NumbersAreText = NumbersAreText };

    public IEnumerable<FieldReader> Objects(string name) =>
        Items(name, (item, at) => new FieldReader(AsObject(item, at), at, problems) { NumbersAreText = NumbersAreText });

    public EquatableList<string> Texts(string name) => Items(name, AsText).OfType<string>().ToEquatableList();

    /// <summary>A list of strings of which none may occur twice.</summary>
    public EquatableList<string> DistinctTexts(string name)
    {
        var texts = Texts(name);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < texts.Count; i++)
        {
            if (!seen.Add(texts[i])) problems.Error($"{At(name)}[{i}]", $"duplicate definition of {name}: '{texts[i]}' is in the list twice; remove one.");
        }
        return texts;
    }

    /// <summary>String values by key, as labels and match labels are.</summary>
    public IEnumerable<KeyValuePair<string, string>> Map(string name)
    {
        if (Value(name) is not { } value) yield break;
        foreach (var field in AsObject(value, At(name)).Fields)
        {
            if (AsText(field.Value, $"{At(name)}.{field.Name}") is { } text) yield return KeyValuePair.Create(field.Name, text);
        }
    }

    public List<T> Items<T>(string name, Func<Node, string, T> read)
    {
        if (Value(name) is not { } value) return [];
        if (value is Sequence list) return [.. list.Items.Select((item, i) => read(item, $"{At(name)}[{i}]"))];
        problems.Error(At(name), $"must be a list, not {value.Describe()}; write each item on a line of its own after '- '.");
        return [];
    }

    /// <summary>Accepts a field that is understood but does nothing here yet, and says so.</summary>
    public void NotHonoured(string name, string consequence)
    {
        if (Value(name) is not null) problems.Warn(At(name), $"is not yet honoured: {consequence}");
    }

    /// <summary>Accepts a field without using it.</summary>
    public void Ignore(string name) => _known.Add(name);

    /// <summary>Reports every field that nobody asked for. In a file it is a slip; an object of the API passed a schema that is newer than we are.</summary>
    public void End()
    {
        foreach (var field in fields.Fields)
        {
            if (_known.Contains(field.Name)) continue;
            if (problems.Subject.File is null) problems.Warn(At(field.Name), "is no field that is known here; it has no effect.");
            else problems.Error(At(field.Name),
                $"is no field that is known here{(Nearest.To(field.Name, _known) is { } nearest ? $"; did you mean '{nearest}'?" : "; remove it.")}");
        }
    }

    private Node? Value(string name)
    {
        _known.Add(name);
        return Has(name) ? fields[name] : null;
    }

    private string? AsText(Node item, string at)
    {
        if (item is Scalar scalar && (scalar.Kind == ScalarKind.String || (NumbersAreText && scalar.Kind != ScalarKind.Null))) return scalar.Written;
        problems.Error(at, $"must be a string, not {item.Describe()}{(item is Scalar unquoted ? $"; write it in quotes: \"{unquoted.Written}\"" : "")}.");
        return null;
    }

    private Mapping AsObject(Node value, string at)
    {
        if (value is Mapping mapping) return mapping;
        problems.Error(at, $"must be an object, not {value.Describe()}.");
        return Mapping.Empty;
    }

    private static string Shown(Node value) => value is Scalar scalar ? $"'{scalar.Written}'" : value.Describe();
}
