namespace OrleansLb.Silo;

/// <summary>How to start <c>orleanslb</c> once more, from whichever program this assembly is a part of.</summary>
internal static class ThisProgram
{
    /// <summary>
    /// The command and what comes before its arguments: dotnet with the assembly where dotnet runs this process, else the executable
    /// beside it, which may bring its own runtime along.
    /// </summary>
    public static IReadOnlyList<string> Command()
    {
        var assembly = typeof(ThisProgram).Assembly.Location;
        var isRunByDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return isRunByDotnet ? [Environment.ProcessPath!, assembly] : [Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null)];
    }
}
