namespace OrleansLb.Silo.Lab;

/// <summary>A folder of its own under the system's temporary folder, gone at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("orleanslb-lab-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
