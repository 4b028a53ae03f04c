namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Fields that hold a length of time.</summary>
internal static class DurationFields
{
    public static TimeSpan? Duration(this FieldReader fields, string name)
    {
        if (fields.Text(name) is not { } text) return null;
        if (GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero) return duration;
        fields.Error(name, $"'{text}' is not a length of time; write it as 90s, 1m30s or 500ms.");
        return null;
    }

    /// <summary>Milliseconds as a plain number.</summary>
    public static TimeSpan? Milliseconds(this FieldReader fields, string name, int least, int most) =>
        fields.Number(name, least, most) is { } number ? TimeSpan.FromMilliseconds(number) : null;
}
