namespace OrleansLb.Api.Cel.Syntax;

/// <summary>What is wrong with the text of an expression, and where.</summary>
internal sealed record CelFault(int Offset, string Message)
{
    /// <summary>The fault with its line and a mark under the place, as the Kubernetes API shows it.</summary>
    public string Show(string source)
    {
        var at = Math.Min(Offset, source.Length);
        var line = source.AsSpan(0, at).Count('\n') + 1;
        var start = at == 0 ? 0 : source.LastIndexOf('\n', at - 1) + 1;
        var end = source.IndexOf('\n', at) is var found and >= 0 ? found : source.Length;
        var column = at - start;
        return $"ERROR: <input>:{line}:{column + 1}: {Message}\n | {source[start..end]}\n | {new string('.', column)}^";
    }
}
