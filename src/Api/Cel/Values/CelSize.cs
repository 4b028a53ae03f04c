namespace OrleansLb.Api.Cel.Values;

/// <summary>How much there is to read of a value, as a cost: characters count a tenth.</summary>
internal static class CelSize
{
    public static long Of(CelValue value) => value switch
    {
        CelString { Value: var text } => (text.Length / 10) + 1,
        CelBytes { Value: var bytes } => (bytes.Length / 10) + 1,
        CelList list => 1 + list.Items.Sum(Of),
        CelMap map => 1 + map.Keys.Sum(key => 1 + (map.Find(key) is { } child ? Of(child) : 0)),
        _ => 1,
    };
}
